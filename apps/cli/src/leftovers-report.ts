import type { Leftover, Removal } from '@openstack-cpi/openstack-driver/leftovers'
import { oneLine } from './terminal.ts'

/** A leftover, and what became of it when it was to be deleted. */
export interface Finding {
  readonly leftover: Leftover
  readonly removal?: Removal
}

export interface TextOptions {
  /** On a terminal: with the names of the columns, and in colour unless that is not wanted. */
  readonly isTerminal: boolean
  readonly colour: boolean
}

const columns = ['KIND', 'ID', 'NAME', 'AGE', 'WHY'] as const

/** One line for each leftover; nothing for none. */
export function leftoversText(findings: readonly Finding[], { isTerminal, colour }: TextOptions): string {
  if (findings.length === 0) return ''
  const rows = findings.map(cells)
  const widths = columns.map((title, index) => Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()
  const header = isTerminal ? [colour ? `\u001b[1m${line(columns)}\u001b[0m` : line(columns)] : []
  return `${[...header, ...rows.map(line)].join('\n')}\n`
}

function cells({ leftover, removal }: Finding): readonly string[] {
  const { kind, id, name, ageMs, why } = leftover
  const age = ageMs === undefined ? '-' : ageText(ageMs)
  return [kind.replaceAll(' ', '-'), id, oneLine(name) || '-', age, `${oneLine(why)}${outcome(removal)}`]
}

function outcome(removal: Removal | undefined): string {
  if (removal === undefined) return ''
  return removal.removed ? ': deleted' : `: NOT DELETED, ${oneLine(removal.why)}`
}

/** One line for each thing of which only its director can tell whether it is one; nothing for none. */
export function undecidedText(undecided: readonly Leftover[]): string {
  return undecided
    .map(
      ({ kind, id, name, why }) =>
        `${kind} ${id} (${oneLine(name) || '-'}): ${oneLine(why)}. Ask the director whether it knows it before you delete it.\n`,
    )
    .join('')
}

/** The sentence at the end, for people. */
export function summaryText(
  findings: readonly Finding[],
  given: { readonly tooYoung: number; readonly olderThanMs: number; readonly isDeleting: boolean },
): string {
  const removed = findings.filter(({ removal }) => removal?.removed === true).length
  const found = findings.length === 1 ? '1 leftover' : `${findings.length} leftovers`
  const young =
    given.tooYoung === 0 ? '' : ` ${given.tooYoung} more may be one, but younger than ${ageText(given.olderThanMs)}.`
  if (findings.length === 0) return `Nothing is left over.${young}\n`
  if (given.isDeleting) return `${found}, ${removed} deleted.${young}\n`
  return `${found}; --delete removes ${findings.length === 1 ? 'it' : 'them'}.${young}\n`
}

const unitsMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

const isUnit = (text: string): text is keyof typeof unitsMs => text in unitsMs

/** Reads an age such as `90s`, `30m`, `2h`, `7d`. Throws a `TypeError` for anything else, a bare number included. */
export function parseAge(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6})([smhd])$/u.exec(text.trim()) ?? []
  if (!isUnit(unit)) throw new TypeError(`an age is a number with s, m, h or d, for example 30m; not '${text}'`)
  return Number(number) * unitsMs[unit]
}

/** An age for people: `45s`, `12m`, `3h`, `12d`; rounded down. */
export function ageText(ms: number): string {
  if (ms < unitsMs.m) return `${Math.floor(ms / unitsMs.s)}s`
  if (ms < 2 * unitsMs.h) return `${Math.floor(ms / unitsMs.m)}m`
  if (ms < 2 * unitsMs.d) return `${Math.floor(ms / unitsMs.h)}h`
  return `${Math.floor(ms / unitsMs.d)}d`
}
