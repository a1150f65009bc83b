import { type Finding, kinds } from './causes.ts'

/** Findings by kind and cause, the most frequent first, each cause with its shortest example. */
export function report(findings: readonly Finding[]): string {
  const lines: string[] = []
  for (const kind of kinds) {
    const own = findings.filter((one) => one.kind === kind)
    if (own.length === 0) continue
    const byCause = Map.groupBy(own, (one) => one.cause)
    lines.push('', `${kind}: ${own.length} requests, ${byCause.size} causes`)
    const ordered = [...byCause.values()].sort((a, b) => b.length - a.length)
    for (const group of ordered) {
      const [example] = [...group].sort((a, b) => sizeOf(a) - sizeOf(b))
      if (!example) continue
      lines.push(
        `  ${group.length} × ${example.cause}`,
        `      no. ${example.number}: ${example.request} ${example.body ?? ''}`,
      )
      for (const { at, real, fake } of example.differences.slice(0, 3)) {
        lines.push(`      ${at}: real ${brief(real)}, fake ${brief(fake)}`)
      }
    }
  }
  return lines.join('\n')
}

const sizeOf = (one: Finding): number => one.what.length * 1000 + one.request.length + (one.body ?? '').length

const brief = (value: unknown): string => (JSON.stringify(value) ?? 'absent').slice(0, 240)
