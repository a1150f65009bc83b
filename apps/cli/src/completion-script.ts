import type { Command, Option } from 'commander'

export type Shell = 'bash' | 'zsh' | 'fish'

/** A script that lets a shell complete the program's commands, options and their values. */
export function completionScript(shell: Shell, program: Command): string {
  return { bash, zsh, fish }[shell](commandTree(program))
}

const functionName = (name: string): string => `_${name.replaceAll(/\W/g, '_')}`

function bash(tree: CommandTree): string {
  const afterOption = ({ flag, value }: OptionWords): string[] => {
    if (value === 'none') return []
    if (value === 'any') return [`      ${flag}) COMPREPLY=(); return ;;`]
    const reply = value === 'file' ? 'compgen -f -- "$word"' : `compgen -W ${quoted(value.join(' '))} -- "$word"`
    return [`      ${flag}) mapfile -t COMPREPLY < <(${reply}); return ;;`]
  }
  const branch = (command: CommandWords): string => {
    const values = command.options.flatMap(afterOption)
    const words = [...command.choices, ...command.options.map(({ flag }) => flag)].join(' ')
    const byOption = values.length === 0 ? [] : ['    case "$before" in', ...values, '    esac']
    return [`  ${command.name})`, ...byOption, `    words=${quoted(words)} ;;`].join('\n')
  }
  const top = [...tree.commands.map(({ name }) => name), ...tree.options.map(({ flag }) => flag)].join(' ')
  const self = functionName(tree.name)
  return `# bash completion of ${tree.name}
${self}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W ${quoted(top)} -- "$word"; compgen -f -- "$word")
    return
  fi
  case "\${COMP_WORDS[1]}" in
${tree.commands.map(branch).join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o filenames -F ${self} ${tree.name}
`
}

function zsh(tree: CommandTree): string {
  const after = (value: OptionWords['value']): string => {
    if (value === 'none') return ''
    if (value === 'file') return ':file:_files'
    return value === 'any' ? ':value:' : `:value:(${value.join(' ')})`
  }
  const spec = ({ flag, description, value }: OptionWords): string =>
    quoted(`${flag}[${description.replaceAll(/[[\]:\\]/g, '\\$&')}]${after(value)}`)
  const branch = ({ name, options, choices }: CommandWords): string => {
    const argument = choices.length === 0 ? [] : [quoted(`1:argument:(${choices.join(' ')})`)]
    return `    ${name}) _arguments ${[...argument, ...options.map(spec)].join(' \\\n      ')} ;;`
  }
  const self = functionName(tree.name)
  return `#compdef ${tree.name}
${self}() {
  local -a commands
  commands=(
${tree.commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary.replaceAll(':', '\\:')}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _files
    _arguments ${tree.options.map(spec).join(' ')}
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${tree.commands.map(branch).join('\n')}
  esac
}
if [ "$funcstack[1]" = ${self} ]; then ${self} "$@"; else compdef ${self} ${tree.name}; fi
`
}

function fish(tree: CommandTree): string {
  const line = (condition: string, words: string): string => `complete -c ${tree.name} -n ${condition} ${words}`
  const after = (value: OptionWords['value']): string => {
    if (value === 'none') return ''
    if (value === 'file') return ' -r -F'
    return value === 'any' ? ' -x' : ` -x -a ${fishQuoted(value.join(' '))}`
  }
  const option = (condition: string, { flag, description, value }: OptionWords): string =>
    line(condition, `-l ${flag.replace(/^--/, '')}${after(value)} -d ${fishQuoted(description)}`)
  const lines = tree.commands.flatMap(({ name, summary, options, choices }) => {
    const chosen = `'__fish_seen_subcommand_from ${name}'`
    return [
      line('__fish_use_subcommand', `-a ${name} -d ${fishQuoted(summary)}`),
      ...(choices.length === 0 ? [] : [line(chosen, `-f -a ${fishQuoted(choices.join(' '))}`)]),
      ...options.map((each) => option(chosen, each)),
    ]
  })
  const own = tree.options.map((each) => option('__fish_use_subcommand', each))
  return `# fish completion of ${tree.name}\n${[...lines, ...own].join('\n')}\n`
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

const fishQuoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

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

/** Reads the tree from commander, so that no script lacks an option. */
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
