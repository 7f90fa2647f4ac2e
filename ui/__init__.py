"""What a person sees: windows, pages, dialogs and their view models. Holds no rules."""
