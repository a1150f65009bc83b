// A process of its own: how many milliseconds the first cloud takes once the library is there.
const { createFakeOpenStack } = await import('fake-openstack')
const start = performance.now()
createFakeOpenStack()
process.stdout.write(String(performance.now() - start))
