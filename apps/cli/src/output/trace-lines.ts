/** A line of the log: `D, [2026-11-23T02:14:07.299634 #29633] DEBUG -- [req_id cpi-1]: text`. */
const logLine = /^([DI]), \[[^\]]*\] +\w+ -- (?:\[[^\]]*\])?: (.*)$/

/** What the driver logs of an exchange: `compute: GET http://… -> 200 in 12 ms (req-…) sent {…} got {…}`. */
const exchange = /^(\S+): ([A-Z]+) (\S+) -> (?:(\d{3}) in (\d+) ms|(.*)) \((req-[^)]*)\)/

/**
 * Makes the log of a call readable for the person who made it: each API request is a line of milliseconds, status, method,
 * URL, service and request id, without bodies; what else is told stands without time and process. Warnings and errors pass
 * as they are.
 */
export const traceLines =
  (write: (line: string) => void) =>
  (line: string): void => {
    const [, , text] = logLine.exec(line) ?? []
    const [, service, method, url, status, ms, failure, requestId] = exchange.exec(text ?? '') ?? []
    if (text === undefined) write(line)
    else if (method === undefined || url === undefined) write(`           ${text}`)
    else if (status === undefined)
      write(`   failed       ${method.padEnd(6)} ${url}  ${service} ${requestId}: ${failure}`)
    else write(`${(ms ?? '').padStart(6)} ms  ${status}  ${method.padEnd(6)} ${url}  ${service} ${requestId}`)
  }
