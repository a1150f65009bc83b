// Loaded into a measured process with --import: at its end it appends what it used.
import { appendFileSync } from 'node:fs'

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const usage = { cpuMs: (userCPUTime + systemCPUTime) / 1000, peakRssMiB: maxRSS / 1024 }
  appendFileSync(process.env.USAGE_FILE, `${JSON.stringify(usage)}\n`)
})
