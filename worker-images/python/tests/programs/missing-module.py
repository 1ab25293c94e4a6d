import podwork_no_such_module


def handler(job, ctx):
    return podwork_no_such_module.answer(job)
