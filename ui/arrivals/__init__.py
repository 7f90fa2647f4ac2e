"""Home: the day's list. ``ArrivalsPage(viewmodel)`` over ``ArrivalsViewModel(reader, jobs, …)``."""
