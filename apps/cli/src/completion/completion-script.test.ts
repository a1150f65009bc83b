import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { createProgram } from '../program.ts'
import { completionScript, type Shell } from './completion-script.ts'

/** What bash offers for the last of these words. */
function offered(...words: readonly string[]): readonly string[] {
  const script = `${completionScript('bash', createProgram())}
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_openstack_cpi
printf '%s\\n' "\${COMPREPLY[@]}"`
  const stdout = execFileSync('bash', ['-c', script, 'bash', 'openstack-cpi', ...words], {
    cwd: new URL('../..', import.meta.url),
    encoding: 'utf8',
  })
  return stdout.split('\n').filter((line) => line !== '')
}

describe('bash', () => {
  test('completes commands', () => {
    expect(offered('do')).toEqual(['doctor'])
    for (const command of createProgram().commands) expect(offered('')).toContain(command.name())
  })

  test('completes each option of each command', () => {
    for (const command of createProgram().commands) {
      const options = offered(command.name(), '--')
      expect(options).toEqual([...command.options.map(({ long }) => long), '--help'])
    }
  })

  test('completes what may follow: files, choices, arguments', () => {
    expect(offered('doctor', '--config', 'packa')).toEqual(['package.json'])
    expect(offered('config', '--config', 'cpi.json', '--to', 'open')).toEqual(['openrc'])
    expect(offered('completion', 'f')).toEqual(['fish'])
    expect(offered('doctor', '--vms', '')).toEqual([])
  })
})

const shells: readonly Shell[] = ['bash', 'zsh', 'fish']
test.each(shells)('%s: every command and option is in the script', (shell) => {
  const script = completionScript(shell, createProgram())
  for (const command of createProgram().commands) {
    expect(script).toContain(command.name())
    for (const { long } of command.options) expect(script).toContain(long?.replace(/^--/, ''))
  }
})

const has = (shell: Shell): boolean => spawnSync(shell, ['-c', 'true']).status === 0
test.for(shells)('%s accepts the script', (shell, { skip }) => {
  if (!has(shell)) skip(`${shell} is not installed`)
  const checked = spawnSync(shell, ['-n'], { input: completionScript(shell, createProgram()), encoding: 'utf8' })
  expect(checked).toMatchObject({ status: 0, stderr: '' })
})
