"""An invented hospital with a living day, for trying Portico: nobody in it exists."""
