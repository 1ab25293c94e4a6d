import 'podwork_no_such_module'

export default async () => null
