"""Questions as data become widgets: one editor for each kind of field, one view for each section.

    view = SectionView(section)
    view.answered.connect(...)                     # (draft key, answer), on every key typed
    view.left.connect(...)                         # draft key, when a question was left
    view.entered.connect(...)                      # draft key, when a question got the focus
    view.show_draft(draft, situation)              # shows answers, hides what is not asked
    view.tell(problems)                            # messages under their questions

Messages come on leaving or on Continue, never while typing. Half-typed text is never taken away.
"""
