import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { errorMessagesIn, messagesIn, sourcesOf } from './error-messages.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = await readFile(`${root}docs/troubleshooting.md`, 'utf8')

const sourceFolders = ['packages/cpi-core', 'packages/openstack-driver', 'apps/cli', 'apps/fake-openstack']

/** What is in the code, without comments: of the CPI, and of the fake, which says what OpenStack says. */
const code = (await Promise.all(sourceFolders.map((folder) => sourcesOf(root, folder))))
  .flatMap((sources) => [...sources.values()])
  .join('\n')
  .replaceAll(/\/\*[\s\S]*?\*\/|^ *\/\/.*$/gm, '')

/** The messages of the first column; `…` stands for names and numbers. */
const messages = [...page.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, message = '']) => message),
)

test('the page tells of messages', () => {
  expect(messages.length).toBeGreaterThan(40)
})

test.each(messages)('somebody says: %s', (message) => {
  for (const part of message.split('…')) expect(code).toContain(part.trim())
})

const isOn =
  (text: string) =>
  (message: string): boolean =>
    message.split('…').every((part) => text.includes(part.trim()))

test.each(['packages/cpi-core', 'packages/openstack-driver', 'apps/cli'])(
  'the page has every error and warning of %s',
  async (folder) => {
    const errors = errorMessagesIn(await sourcesOf(root, folder))
    expect(errors.length).toBeGreaterThan(folder === 'packages/openstack-driver' ? 100 : 5)
    expect(errors.filter(({ text }) => !messages.some(isOn(text)))).toEqual([])
  },
)

test('the words of an error are read from literals, templates and choices', () => {
  const source = [
    `throw new CpiError('CloudError', \`Cannot do it to '\${name(of, 'x')}'\` + ' immediately', { cause: error })`,
    'throw invalidVm("a \'quoted\' description")',
    "throw new OpenStackError(kinds[error.kind], error.message, { cause: 'not a message at all' })",
  ].join('\n')
  expect(messagesIn(source)).toEqual(["Cannot do it to '…' immediately", "a 'quoted' description"])
})
