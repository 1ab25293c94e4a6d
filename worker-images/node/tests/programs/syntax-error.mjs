export default async (job) => { return job.data +
