"""The check-in page: banner, step rail, one page of questions at a time, evidence, bottom bar.

    pages = {PageId.BENEFITS: BenefitsStep, PageId.PAY: PayStep}   # factories of StepPage
    model = CheckInViewModel(walk, situation)    # plain Python
    model.record_with(recorder)                    # (page, draft, situation) -> Recorded later
    page = CheckInPage(model, save, keep, pages=pages, offered=payer_names)
    yield from page.opening()                      # in pieces (ui.turns)
    page.leaveWanted.connect(...); page.finished.connect(...)
    window.push(page)

Whoever writes a step of their own (coverage capture, benefits, pay) subclasses
:class:`ui.interview.step_page.StepPage`; every page without one is drawn from its fields.
"""
