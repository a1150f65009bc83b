import { expect, test } from 'vitest'
import { commandNames } from './command-names.ts'
import { createProgram } from './program.ts'

test('every command is known by its name before the commands are loaded', () => {
  const commands = createProgram().commands.map((command) => command.name())
  expect([...commands, 'help'].sort()).toEqual([...commandNames].sort())
})

test('every command has a summary for the list, and examples', () => {
  for (const command of createProgram().commands) {
    expect(command.summary(), command.name()).not.toBe('')
    let help = ''
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
    expect(help, command.name()).toContain('Examples:')
  }
})
