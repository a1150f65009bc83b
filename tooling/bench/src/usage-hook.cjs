// Loaded into a measured process with --require: at its end it appends what it used.
process.on('exit', () => {
  const { appendFileSync, readFileSync } = require('node:fs')
  const { userCPUTime, systemCPUTime } = process.resourceUsage()
  // Not `maxRSS`: Linux lets a child inherit the peak of the process that forked it.
  const peakKiB = Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1])
  // Its share of what several processes have in memory together, while the others still run.
  const pssKiB = Number(/^Pss:\s+(\d+)/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))[1])
  const usage = { pssMiB: pssKiB / 1024, cpuMs: (userCPUTime + systemCPUTime) / 1000, peakRssMiB: peakKiB / 1024 }
  appendFileSync(process.env.USAGE_FILE, `${JSON.stringify(usage)}\n`)
})
