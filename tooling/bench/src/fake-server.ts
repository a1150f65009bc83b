// A process of its own, so that its CPU time and memory are the fake's alone: serves a cloud, and answers each message
// with what it has used since the last one.
import { createFakeOpenStack } from 'fake-openstack'

const cloud = createFakeOpenStack({ clock: 'real' })
const { url } = await cloud.listen()
let cpu = process.cpuUsage()
process.on('message', () => {
  const used = process.cpuUsage(cpu)
  cpu = process.cpuUsage()
  const peakRssMiB = process.resourceUsage().maxRSS / 1024
  process.send?.({ cpuMs: (used.user + used.system) / 1000, rssMiB: process.memoryUsage.rss() / 2 ** 20, peakRssMiB })
})
process.on('disconnect', () => process.exit())
process.send?.({ url, token: await cloud.token('bosh') })
