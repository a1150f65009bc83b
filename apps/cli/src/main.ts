import { runRpc } from './commands/rpc.ts'

/** Words that are commands for people. Anything else is the path of a configuration file: a CPI call (contract §2). */
const humanCommands: ReadonlySet<string> = new Set(['call', 'help'])

const [first, second] = process.argv.slice(2)
if (first !== undefined && (humanCommands.has(first) || first.startsWith('-'))) {
  const { runProgram } = await import('./program.ts')
  await runProgram(process.argv)
} else {
  // With the driver comes all that speaks HTTP: loaded only by calls that need it.
  runRpc(async (call) =>
    (await import('./config/create-driver.ts')).createDriver({ configPath: first, caPath: second }, call),
  )
}
