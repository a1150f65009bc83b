// Loaded into a measured process with --require: at its end it appends what it used.
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const usage = { cpuMs: (userCPUTime + systemCPUTime) / 1000, peakRssMiB: maxRSS / 1024 }
  require('node:fs').appendFileSync(process.env.USAGE_FILE, `${JSON.stringify(usage)}\n`)
})
