import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { completionScript, type Shell } from './completion-script.ts'
import { createProgram } from './program.ts'

/** What bash offers for the last of these words. */
function offered(...words: readonly string[]): readonly string[] {
  const script = `${completionScript('bash', createProgram())}
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_openstack_cpi
printf '%s\\n' "\${COMPREPLY[@]}"`
  const stdout = execFileSync('bash', ['-c', script, 'bash', 'openstack-cpi', ...words], {
    cwd: new URL('..', import.meta.url),
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

const has = (shell: Shell): boolean => spawnSync(shell, ['-c', 'true']).status === 0

/** A zsh on a terminal of its own: the line is typed, the tab key pressed, and the line printed as it stands then. */
const pressTab = `
zmodload zsh/zpty
export SCRIPT="$1" LINE="$2"
zpty shell zsh -f -i
zpty -w shell 'autoload -Uz compinit && compinit -u -D; eval "$SCRIPT"
  zle-line-init() { BUFFER=$LINE CURSOR=$#LINE; zle complete-word; print -r -- "<$BUFFER>"; exit }
  zle -N zle-line-init'
while zpty -r shell part; do said+=$part; done
[[ $said =~ '<([^$>]*)>' ]] && print -rn -- $match[1]`

describe.skipIf(!has('zsh'))('zsh', () => {
  const completed = (line: string): string =>
    execFileSync('zsh', ['-f', '-c', pressTab, 'zsh', completionScript('zsh', createProgram()), line], {
      cwd: new URL('..', import.meta.url),
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], TERM: 'dumb' },
    })

  test.each([
    ['a command', 'openstack-cpi doct', 'openstack-cpi doctor '],
    ['an option of the program', 'openstack-cpi --vers', 'openstack-cpi --version '],
    ['an option of a command', 'openstack-cpi doctor --cl', 'openstack-cpi doctor --cloud-config '],
    ['a file', 'openstack-cpi doctor --config package.j', 'openstack-cpi doctor --config package.json '],
    ['a choice of an option', 'openstack-cpi config --to openr', 'openstack-cpi config --to openrc '],
    ['a choice of a command', 'openstack-cpi completion fi', 'openstack-cpi completion fish '],
    ['nothing for a free value', 'openstack-cpi doctor --vms pack', 'openstack-cpi doctor --vms pack'],
  ])('completes %s', (_what, typed, line) => {
    expect(completed(typed)).toBe(line)
  })
})

describe.skipIf(!has('fish'))('fish', () => {
  const offeredFor = (line: string): readonly string[] => {
    const words = ['--no-config', '-c', 'echo $argv[1] | source; complete -C $argv[2]']
    const stdout = execFileSync('fish', [...words, completionScript('fish', createProgram()), line], {
      cwd: new URL('..', import.meta.url),
      encoding: 'utf8',
    })
    return stdout.split('\n').flatMap((row) => row.split('\t')[0] || [])
  }

  test.each([
    ['a command', 'openstack-cpi doct', ['doctor']],
    ['an option of the program', 'openstack-cpi --vers', ['--version']],
    ['an option of a command', 'openstack-cpi doctor --cl', ['--cloud-config']],
    ['a file', 'openstack-cpi doctor --config package.j', ['package.json']],
    ['the choices of an option', 'openstack-cpi config --to ', ['clouds.yaml', 'openrc']],
    ['the choices of a command', 'openstack-cpi completion ', ['bash', 'fish', 'zsh']],
    ['nothing for a free value', 'openstack-cpi doctor --vms ', []],
  ])('completes %s', (_what, typed, words) => {
    expect(offeredFor(typed)).toEqual(words)
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
