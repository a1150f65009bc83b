/** `npm run build`: builds every package that has changed; shows the output only when it fails. */
import { run } from './run-command.ts'

const { exitCode, output } = await run('turbo', ['run', 'build', '--output-logs=errors-only'], { quiet: true })
if (exitCode !== 0) console.error(output)
process.exitCode = exitCode
