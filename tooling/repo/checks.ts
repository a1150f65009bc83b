import { findAbsolutePaths, findHostsInLockfile } from './clean-text.ts'
import { filesWithoutPartner } from './mirror.ts'
import { replacedWordings } from './plain-words.ts'
import { bundleJumps, httpCodeInInfo } from './program-load.ts'
import { run } from './run-command.ts'
import { danglingReferences, sectionsWithoutTest } from './spec-references.ts'

/** One rule of the repository. `run` returns what is wrong, or undefined. */
export interface Check {
  readonly name: string
  readonly run: () => Promise<string | undefined>
}

/** A command at the root that succeeds where the rule is kept; its output says what is wrong. */
export const command =
  (executable: string, ...args: string[]) =>
  async (): Promise<string | undefined> => {
    const { exitCode, output } = await run(executable, args, { quiet: true })
    return exitCode === 0 ? undefined : output
  }

/** A task of `turbo.json`, which succeeds immediately where nothing has changed that it reads. Everything is built already. */
const turbo = (task: string) => command('turbo', 'run', task, '--only', '--output-logs=errors-only')

/** One program for all workspaces: a program for each would check what they share again and again. */
export const typeChecks: readonly Check[] = [
  { name: 'types', run: command('tsc', '--project', '.') },
  { name: "types of the fake's status page", run: command('tsc', '--project', 'apps/fake-openstack/page') },
]

/** What can be read in the files alone, within a second. */
export const textChecks: readonly Check[] = [
  { name: 'driver and fake mirror each other', run: filesWithoutPartner },
  { name: 'no absolute paths', run: findAbsolutePaths },
  { name: 'no host in the lockfile', run: findHostsInLockfile },
  { name: 'plain words (docs/style.md)', run: replacedWordings },
  { name: 'references to the specifications resolve', run: danglingReferences },
  { name: 'every section of the specifications has a test', run: sectionsWithoutTest },
]

/** All rules. They run after a build: package checks look at `dist`. */
export const checks: readonly Check[] = [
  { name: 'format and lint', run: command('biome', 'ci', '--colors=off', '.') },
  ...typeChecks,
  {
    name: 'import boundaries',
    run: command('depcruise', '--config', 'tooling/repo/dependency-cruiser.json', 'packages', 'apps', 'tooling'),
  },
  { name: 'dead code and dependencies', run: turbo('//#check:dead-code') },
  { name: 'packages as they would be published', run: turbo('check:package') },
  ...textChecks,
  { name: 'info loads no HTTP code', run: httpCodeInInfo },
  { name: 'the bundle does not jump', run: bundleJumps },
]
