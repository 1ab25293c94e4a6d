async def handler(job, ctx):
    return {"accuracy": 
