import type { Command, Option } from 'commander'

/** What a shell has to know of a program: its commands, their options, and what may follow. */
export interface CommandTree {
  readonly name: string
  readonly commands: readonly CommandWords[]
  /** Of the program itself. */
  readonly options: readonly OptionWords[]
}

export interface CommandWords {
  readonly name: string
  readonly summary: string
  readonly options: readonly OptionWords[]
  /** Words that its first argument can be; empty when it is free. */
  readonly choices: readonly string[]
}

export interface OptionWords {
  /** `--long`. */
  readonly flag: string
  readonly description: string
  /** What follows: nothing, a file, one of some words, or anything. */
  readonly value: 'none' | 'file' | 'any' | readonly string[]
}

/** Reads the tree off commander, so that no script can forget an option. */
export function commandTree(program: Command): CommandTree {
  return {
    name: program.name(),
    options: [help, ...program.options.map(optionWords)],
    commands: program.commands.map((command) => ({
      name: command.name(),
      summary: command.summary() || command.description(),
      options: [...command.options.map(optionWords), help],
      choices: command.registeredArguments[0]?.argChoices ?? [],
    })),
  }
}

const help: OptionWords = { flag: '--help', description: 'display help', value: 'none' }

const optionWords = (option: Option): OptionWords => ({
  flag: option.long ?? option.flags,
  description: option.description,
  value: valueAfter(option),
})

function valueAfter(option: Option): OptionWords['value'] {
  if (!option.required && !option.optional) return 'none'
  if (option.argChoices !== undefined) return option.argChoices
  return /<(file|folder|path)/i.test(option.flags) ? 'file' : 'any'
}
