/**
 * Keeps the specifications, the comments that refer to them and the tests that prove them together:
 * `§7.5` and `driver spec §7.5` mean docs/spec/openstack-driver.md, `contract §8.2` means docs/spec/cpi-contract.md.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root, run } from './run-command.ts'

export type Specification = 'contract' | 'driver'

/** A section that a text refers to. */
export interface Reference {
  readonly specification: Specification
  readonly section: string
}

/** The sections of one specification. */
export interface Sections {
  /** Everything a reference may name: headings, and the points of a numbered list directly below a heading. */
  readonly known: ReadonlySet<string>
  /** Sections without subsections, each of which needs a test. */
  readonly tested: readonly string[]
}

const pages: Readonly<Record<Specification, string>> = {
  contract: 'docs/spec/cpi-contract.md',
  driver: 'docs/spec/openstack-driver.md',
}

/** Reads the headings of a specification. A section that says `no test` in a comment needs none. */
export function sectionsOf(markdown: string): Sections {
  const parts = markdown.split(/^(?=#{2,3} \d)/m).flatMap((part) => {
    const [, section = ''] = /^#{2,3} (\d+(?:\.\d+)?)/.exec(part) ?? []
    return section === '' ? [] : [{ section, part }]
  })
  const headings = parts.map(({ section }) => section)
  const points = parts.flatMap(({ section, part }) =>
    section.includes('.') ? [] : [...part.matchAll(/^(\d+)\. /gm)].map(([, point]) => `${section}.${point}`),
  )
  const tested = parts.flatMap(({ section, part }) =>
    headings.some((other) => other.startsWith(`${section}.`)) || part.includes('no test -->') ? [] : [section],
  )
  return { known: new Set([...headings, ...points]), tested }
}

const list = /([Cc]ontract |driver spec )?§\d+(?:\.\d+)*(?:(?:, (?:and )?| and | to )§\d+(?:\.\d+)*)*/g

/** The sections that a text refers to; `contract §6.4 to §6.6` refers to three. */
export function referencesIn(text: string): readonly Reference[] {
  return [...text.matchAll(list)].flatMap(([whole, name]) => {
    const specification: Specification = name?.toLowerCase() === 'contract ' ? 'contract' : 'driver'
    return whole.split(/, (?:and )?| and /).flatMap((part) => {
      const [first = '', last = first] = [...part.matchAll(/§([\d.]*\d)/g)].map(([, section = '']) => section)
      return sectionsBetween(first, last).map((section) => ({ specification, section }))
    })
  })
}

function sectionsBetween(first: string, last: string): readonly string[] {
  if (first === last) return [first]
  const [chapter, from = ''] = first.split('.')
  const to = Number(last.split('.')[1])
  return Array.from({ length: Math.max(to - Number(from) + 1, 1) }, (_, index) => `${chapter}.${Number(from) + index}`)
}

/** The beginning of a test's title: a string in quotes whose first characters are a reference. */
const title = new RegExp(`(['"\`])(${list.source}(?:, ${list.source})*) `, 'g')

/** The sections that stand in front of titles in a test file. */
export const titleReferences = (source: string): readonly Reference[] =>
  [...source.matchAll(title)].flatMap(([, , references = '']) => referencesIn(references))

async function readSections(): Promise<Readonly<Record<Specification, Sections>>> {
  const read = async (page: string): Promise<Sections> => sectionsOf(await readFile(join(root, page), 'utf8'))
  return { contract: await read(pages.contract), driver: await read(pages.driver) }
}

/** Paths of the repository's files in which `git grep` finds a section sign, without the specifications themselves. */
async function filesWithReferences(): Promise<readonly string[]> {
  const { output } = await run('git', ['grep', '-lI', '§', '--', ':!docs/spec', ':!tooling/repo/spec-references*'], {
    quiet: true,
  })
  return output.split('\n').filter((file) => file !== '')
}

/** Comments, pages and titles that refer to a section which does not exist. */
export async function danglingReferences(): Promise<string | undefined> {
  const sections = await readSections()
  const wrong: string[] = []
  for (const file of await filesWithReferences()) {
    for (const { specification, section } of referencesIn(await readFile(join(root, file), 'utf8'))) {
      if (!sections[specification].known.has(section)) wrong.push(`${file}: ${specification} §${section}`)
    }
  }
  return wrong.length === 0 ? undefined : `no such section:\n${wrong.join('\n')}`
}

const testFile = /\.test\.ts$|^packages\/cpi-core\/src\/testing\/.*-(cases|suite)\.ts$/

/** Sections of the specifications that stand in front of no test's title. */
export async function sectionsWithoutTest(): Promise<string | undefined> {
  const sections = await readSections()
  const proved = new Set<string>()
  for (const file of (await filesWithReferences()).filter((name) => testFile.test(name))) {
    for (const { specification, section } of titleReferences(await readFile(join(root, file), 'utf8'))) {
      proved.add(`${specification} §${section}`)
    }
  }
  const missing = (['contract', 'driver'] as const).flatMap((specification) =>
    sections[specification].tested
      .map((section) => `${specification} §${section}`)
      .filter((section) => ![...proved].some((one) => one === section || one.startsWith(`${section}.`))),
  )
  return missing.length === 0 ? undefined : `no test's title begins with:\n${missing.join('\n')}`
}
