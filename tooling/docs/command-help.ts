import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What an executable and each of its commands say of themselves. @param main its main module, from the root */
export function commandHelp(name: string, main: string): string {
  const help = helpOf(main)
  const commands = commandsIn(help)
    .filter((command) => command !== 'help')
    .map((command) => `### \`${name} ${command}\`\n\n${block(helpOf(main, command))}`)
  return [block(help), ...commands].join('\n\n')
}

/** Names under "Commands:", up to the next empty line; what wraps is indented further. */
const commandsIn = (help: string): readonly string[] =>
  [...(help.split('\nCommands:\n')[1]?.split('\n\n')[0] ?? '').matchAll(/^ {2}(\S+)/gm)].flatMap(
    ([, command]) => command ?? [],
  )

const block = (text: string): string => `\`\`\`text\n${text.trimEnd()}\n\`\`\``

const helpOf = (main: string, ...command: readonly string[]): string => {
  const words = ['--conditions=workspace-source', fileURLToPath(new URL(`../../${main}`, import.meta.url)), ...command]
  return execFileSync(process.execPath, [...words, '--help'], { encoding: 'utf8', env: { NO_COLOR: '1' } })
}
