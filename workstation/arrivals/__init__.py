"""The read model of the day: who comes, what each still needs, what is expected of them today."""
