import { Argument, Command, Option } from 'commander'
import type { CallOptions } from './commands/call.ts'
import type { ConfigOptions } from './commands/config.ts'
import type { DoctorOptions } from './commands/doctor.ts'
import type { LeftoversOptions } from './commands/leftovers.ts'
import type { Shell } from './completion-script.ts'
import { logLevelVariable, recordsVariable, version } from './executable.ts'

/** The commands for people; each is loaded when it is chosen. Their names are in `command-names.ts` too. */
export const createProgram = (): Command => {
  const program = new Command('openstack-cpi')
    .description(
      'The BOSH CPI for OpenStack. Commands for people; BOSH itself calls: openstack-cpi <config.json> [<ca.pem>]',
    )
    .version(version)
    .showHelpAfterError()
    // Usage errors end with 2, so that 1 always means a finding or an error answer.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .addHelpText('after', helpOfTheCpiCall)

  program
    .command('call')
    .summary('make one CPI call')
    .description('Makes one CPI call and shows its result. Arguments are JSON, or plain words that stand for strings.')
    .argument('<method>', 'wire name, for example has_vm')
    .argument('[arguments...]', 'in the order of the contract')
    .requiredOption('--config <file>', 'configuration file of the CPI')
    .option('--ca <file>', 'CA bundle that belongs to it')
    .option('--context <json>', 'configuration for this call, as a CPI config brings it')
    .option('--api-version <number>', 'version to ask for', '3')
    .option('--json', 'print the whole answer as JSON')
    .option('--trace', 'log every API request to stderr')
    .addHelpText('after', examplesOfCall)
    .action(async (method: string, values: string[], options: CallOptions) => {
      const { runCall } = await import('./commands/call.ts')
      process.exitCode = await runCall(method, values, options)
    })

  program
    .command('doctor')
    .summary('is this OpenStack project ready for BOSH?')
    .description(
      'Checks whether an OpenStack project is ready for BOSH, and reports each problem, why it matters and how to fix it. Reads only, unless --deep is given.',
    )
    .requiredOption('--config <file>', 'configuration file of the CPI')
    .option('--ca <file>', 'CA bundle that belongs to it')
    .option('--context <json>', 'configuration laid over the file, as a CPI config brings it')
    .option('--cloud-config <file>', 'BOSH cloud config, whose flavors, networks, zones and types are looked at')
    .option('--flavor <name...>', 'flavors that VM types will name')
    .option('--network <id...>', 'net_id of networks')
    .option('--security-group <name...>', 'security groups, besides the default ones')
    .option('--floating-ip <address...>', 'addresses of vip networks')
    .option('--availability-zone <name...>', 'zones')
    .option('--vms <number>', 'how many VMs the quotas should still allow', '1')
    .option('--deep', 'take a stemcell, a VM and a disk through their life, and remove them again')
    .option('--json', 'print the report as JSON')
    .option('--html <file>', 'write the report as a self-contained page, too')
    .option('--trace', 'log every API request to stderr')
    .addHelpText('after', examplesOfDoctor)
    .action(async (options: DoctorOptions) => {
      const { runDoctor } = await import('./commands/doctor.ts')
      process.exitCode = await runDoctor(options)
    })

  program
    .command('leftovers')
    .summary('find, and delete if asked, what dead CPI calls have left')
    .description(
      'Lists what CPI calls that died have left in the project, and why it is thought so. Goes by the marks that the CPI writes, never by guess. Deletes only with --delete.',
    )
    .requiredOption('--config <file>', 'configuration file of the CPI')
    .option('--ca <file>', 'CA bundle that belongs to it')
    .option('--context <json>', 'configuration laid over the file, as a CPI config brings it')
    .option('--older-than <age>', 'leave out what is younger, for calls may be under way: 90s, 30m, 2h, 7d', '1h')
    .option('--director <uuid>', 'only what this director made; --delete needs it where several have made things')
    .addOption(
      new Option('--records <folder>', 'where calls record what they have finished and not answered yet').env(
        recordsVariable,
      ),
    )
    .option('--delete', 'delete what is listed, each thing after a last look')
    .option('--json', 'print the list as JSON')
    .option('--trace', 'log every API request to stderr')
    .addHelpText('after', examplesOfLeftovers)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2)) // 1 means that something is left
    .action(async (options: LeftoversOptions) => {
      const { runLeftovers } = await import('./commands/leftovers.ts')
      process.exitCode = await runLeftovers(options)
    })

  program
    .command('config')
    .summary('check, show and convert a configuration')
    .description(
      "Shows the configuration that the CPI would use, where each value comes from, and all that is wrong with it; secrets are hidden. Converts the logins of OpenStack's tools into a configuration, and back.",
    )
    .option('--config <file>', 'configuration file of the CPI')
    .option('--ca <file>', 'CA bundle that belongs to it')
    .option('--context <json>', 'configuration laid over the file, as a CPI config brings it')
    .option('--json', 'print as JSON')
    .option('--from-clouds-yaml <file>', 'print a configuration of the CPI for a cloud of a clouds.yaml')
    .option('--from-openrc <file>', 'print a configuration of the CPI for an openrc')
    .addOption(
      new Option('--to <format>', "print the configuration's login for OpenStack's own tools").choices([
        'clouds.yaml',
        'openrc',
      ]),
    )
    .option('--cloud <name>', 'name of the cloud in the clouds.yaml')
    .addHelpText('after', examplesOfConfig)
    .action(async (options: ConfigOptions) => {
      const { runConfig } = await import('./commands/config.ts')
      process.exitCode = runConfig(options)
    })

  program
    .command('completion')
    .summary('print a completion script for a shell')
    .description('Prints a script that lets a shell complete the commands and options of openstack-cpi.')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', examplesOfCompletion)
    .action(async (shell: Shell) => {
      const { completionScript } = await import('./completion-script.ts')
      process.stdout.write(completionScript(shell, program))
    })

  return program
}

const helpOfTheCpiCall = `
The CPI call: openstack-cpi <config.json> [<ca.pem>]
  Reads one JSON request from stdin, writes one JSON answer to stdout and its log to stderr.
  Exit code 0, also when the answer is an error; 1 only if stdout takes no answer.
  ${logLevelVariable} sets the log level: debug, info (default), warn or error. At debug every
  API request is logged, without secrets.

Example:
  echo '{"method":"info","arguments":[],"context":{"director_uuid":"x"}}' | openstack-cpi cpi.json
`

const examplesOfCall = `
Examples:
  openstack-cpi call has_vm 4b2c7e0f-5a3d-4c55-8a43-2f0d0c5b6a11 --config cpi.json
  openstack-cpi call create_disk 1024 '{"type":"ssd"}' --config cpi.json --trace
  openstack-cpi call info --config cpi.json --json

Exit code: 0, or 1 if the answer is an error.
`

const examplesOfDoctor = `
Examples:
  openstack-cpi doctor --config cpi.json --cloud-config cloud-config.yml --vms 20
  openstack-cpi doctor --config cpi.json --flavor m1.small --network 8bc3eae6-e2ab-4d18-a905-b092ed48c85a --deep
  openstack-cpi doctor --config cpi.json --json

Exit code: 0 if there is no problem (warnings do not count), 1 if there is one, 2 if the check could not run.
`

const examplesOfLeftovers = `
Examples:
  openstack-cpi leftovers --config cpi.json
  openstack-cpi leftovers --config cpi.json --older-than 1d --json
  openstack-cpi leftovers --config cpi.json --director 5f1b2c8e-6f0e-4c7a-9d1b-3a5b7c9d1e2f --delete

Exit code: 0 if nothing is left, 1 if something is (listed, or not to be deleted), 2 if the search could not run.
`

const examplesOfConfig = `
Examples:
  openstack-cpi config --config cpi.json --context '{"region":"RegionTwo"}'
  openstack-cpi config --from-clouds-yaml ~/.config/openstack/clouds.yaml --cloud bosh > cpi.json
  openstack-cpi config --from-openrc openrc > cpi.json
  openstack-cpi config --config cpi.json --to openrc > openrc

An openrc is read, never run. Conversions print the secrets of the login, as they must; nothing else does.
Exit code: 0 if the CPI can use the configuration, 1 if not, 2 if it could not be read.
`

const examplesOfCompletion = `
Examples:
  source <(openstack-cpi completion bash)
  openstack-cpi completion zsh > "\${fpath[1]}/_openstack-cpi"
  openstack-cpi completion fish > ~/.config/fish/completions/openstack-cpi.fish
`
