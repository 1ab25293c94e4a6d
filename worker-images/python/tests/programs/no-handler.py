def train(job, ctx):
    return 1
