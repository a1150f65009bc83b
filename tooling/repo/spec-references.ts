/**
 * Keeps the specifications, the comments that refer to them and the tests that prove them together:
 * `§7.5` and `driver spec §7.5` mean docs/spec/openstack-driver.md, `contract §8.2` means docs/spec/cpi-contract.md.
 * A reference is kept as `driver 7.5` or `contract 8.2`.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root, run } from './run-command.ts'

/** The sections of the specifications. */
interface Sections {
  /** Everything a reference may name: headings, and the points of a numbered list directly below a heading. */
  readonly known: readonly string[]
  /** Sections without subsections, each of which needs a test. */
  readonly tested: readonly string[]
}

/** Reads the headings of a specification. A section that says `no test` in a comment needs none. */
export function sectionsOf(name: 'contract' | 'driver', markdown: string): Sections {
  const parts = markdown.split(/^(?=#{2,3} \d)/m).flatMap((part) => {
    const [, section] = /^#{2,3} (\d+(?:\.\d+)?)/.exec(part) ?? []
    return section === undefined ? [] : [{ section: `${name} ${section}`, part }]
  })
  const headings = parts.map(({ section }) => section)
  const points = parts
    .filter(({ section }) => !section.includes('.'))
    .flatMap(({ section, part }) => [...part.matchAll(/^(\d+)\. /gm)].map(([, point]) => `${section}.${point}`))
  const hasSubsections = (section: string): boolean => headings.some((other) => other.startsWith(`${section}.`))
  const tested = parts.filter(({ section, part }) => !hasSubsections(section) && !part.includes('no test -->'))
  return { known: [...headings, ...points], tested: tested.map(({ section }) => section) }
}

const list = /([Cc]ontract |driver spec )?§\d+(?:\.\d+)*(?:(?:, (?:and )?| and | to )§\d+(?:\.\d+)*)*/g

/** The sections that a text refers to; `contract §6.4 to §6.6` refers to three. */
export function referencesIn(text: string): readonly string[] {
  return [...text.matchAll(list)].flatMap(([whole, name]) => {
    const specification = name?.toLowerCase() === 'contract ' ? 'contract' : 'driver'
    return whole.split(/, (?:and )?| and /).flatMap((part) => {
      const [first = '', last = first] = [...part.matchAll(/§([\d.]*\d)/g)].map(([, section = '']) => section)
      return sectionsBetween(first, last).map((section) => `${specification} ${section}`)
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
export const titleReferences = (source: string): readonly string[] =>
  [...source.matchAll(title)].flatMap(([, , references = '']) => referencesIn(references))

async function readSections(): Promise<Sections> {
  const read = (page: string): Promise<string> => readFile(join(root, 'docs/spec', page), 'utf8')
  const contract = sectionsOf('contract', await read('cpi-contract.md'))
  const driver = sectionsOf('driver', await read('openstack-driver.md'))
  return { known: [...contract.known, ...driver.known], tested: [...contract.tested, ...driver.tested] }
}

/** The repository's files in which `git grep` finds a section sign, without the specifications themselves. */
async function filesWithReferences(): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const { output } = await run('git', ['grep', '-lI', '§', '--', ':!docs/spec', ':!tooling/repo/spec-references*'], {
    quiet: true,
  })
  const paths = output.split('\n').filter((path) => path !== '')
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') })))
}

/** Comments, pages and titles that refer to a section which does not exist. */
export async function danglingReferences(): Promise<string | undefined> {
  const { known } = await readSections()
  const wrong = (await filesWithReferences()).flatMap(({ path, text }) =>
    referencesIn(text)
      .filter((reference) => !known.includes(reference))
      .map((reference) => `${path}: ${reference}`),
  )
  return wrong.length === 0 ? undefined : `no such section:\n${wrong.join('\n')}`
}

const testFile = /\.test\.ts$|^packages\/cpi-core\/src\/testing\/.*-(cases|suite)\.ts$/

/** Sections of the specifications that stand in front of no test's title. */
export async function sectionsWithoutTest(): Promise<string | undefined> {
  const { tested } = await readSections()
  const tests = (await filesWithReferences()).filter(({ path }) => testFile.test(path))
  const proved = tests.flatMap(({ text }) => titleReferences(text))
  const missing = tested.filter((section) => !proved.some((one) => one === section || one.startsWith(`${section}.`)))
  return missing.length === 0 ? undefined : `no test's title begins with:\n${missing.join('\n')}`
}
