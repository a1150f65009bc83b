import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { createProgram } from '../src/cli/program.ts'
import { createFakeOpenStack, faultPresets } from '../src/index.ts'

const run = promisify(execFile)
const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const guide = read('../../../docs/fake-openstack.md')
const folder = fileURLToPath(new URL('..', import.meta.url))
const blocks = (kind: string) =>
  [...guide.matchAll(new RegExp(`\`\`\`${kind}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, code = '']) => code)

test('every example of the guide prints what it says', { timeout: 120_000 }, async () => {
  const examples = blocks('ts')
  expect(examples.length).toBeGreaterThan(6)
  for (const code of examples) {
    const promised = [...code.matchAll(/console\.log\(.*\/\/ → (.*)/g)].map(([, text]) => text)
    const words = ['--input-type=module-typescript', '--eval', code]
    const { stdout } = await run(process.execPath, words, { cwd: folder })
    expect(stdout.trim().split('\n')).toEqual(promised)
  }
})

test('the example for vitest is one that vitest runs', () => {
  expect(blocks('ts vitest')).toEqual([read('./guide-vitest.test.ts')])
})

test('the command of the guide works', async () => {
  const env = { PATH: `${fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url))}:/usr/bin:/bin` }
  const { stdout } = await run('sh', ['-c', blocks('sh').join('\n')], { env })
  expect(stdout).toBe('cloud at v3\n4\nhttp://127.0.0.1\n')
})

test('the guide names every option of the command line', () => {
  const surroundings = {
    terminal: { isTty: false, write: () => undefined, stopped: Promise.resolve() },
    exec: { env: {}, complain: () => undefined, onSignal: () => undefined },
    exit: () => undefined,
  }
  const options = createProgram(surroundings).commands.flatMap((command) => command.options)
  expect(options.length).toBeGreaterThan(20)
  for (const { long } of options) expect(guide).toContain(`${long}`)
})

test('the guide describes every preset and every lifecycle', () => {
  for (const [name, { about }] of Object.entries(faultPresets)) expect(guide).toContain(`| \`${name}\` | ${about} |`)
  for (const transition of createFakeOpenStack().lifecycle.names()) {
    const [kind, lifecycle, step] = transition.split('.')
    expect(guide).toMatch(new RegExp(`\\| \`${kind}\\.${lifecycle}\` \\|.*\`${step}\``))
  }
})
