// A process of its own: how long the first cloud takes once the library is there, and its first answer. Milliseconds.
const { createFakeOpenStack } = await import('fake-openstack')
const start = performance.now()
const cloud = createFakeOpenStack()
const ready = performance.now()
await cloud.token('bosh')
process.stdout.write(JSON.stringify({ readyMs: ready - start, firstAnswerMs: performance.now() - ready }))
