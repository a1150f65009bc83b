import { Command, type Command as CommandType } from 'commander'
import { packageVersion } from '../version.ts'
import type { CloudFlags } from './cloud-options.ts'
import type { ExecProcess } from './exec.ts'
import type { ServeFlags, Terminal } from './serve.ts'

/** What the commands need of the process. */
export interface Surroundings {
  terminal: Terminal
  exec: ExecProcess
  exit(code: number): void
}

/** The commander tree; the commands themselves are loaded when they are chosen. */
export const createProgram = (surroundings: Surroundings): CommandType => {
  const program = new Command('fake-openstack')
    .enablePositionalOptions()
    .description('A stateful OpenStack in memory: clock, faults, journal.')
    .version(packageVersion())

  withCloudFlags(program.command('serve'))
    .description('serve the cloud over HTTP on 127.0.0.1 until stopped')
    .option('--port <number>', 'port; 0 takes a free one', '0')
    .option('--ready-file <file>', 'write the cloud description there when listening')
    .option('--directory <folder>', 'write fixtures.json, clouds.yaml, openrc and the key pair there')
    .option('--state <file>', 'load this snapshot at the start if it is there, and save it when stopped')
    .option('--env', 'print `export OS_…` lines for a shell')
    .option('--clouds-yaml', 'print a clouds.yaml')
    .option('--tls-cert <file>', 'serve the same cloud over HTTPS too, with this certificate (PEM)')
    .option('--tls-key <file>', 'its private key (PEM)')
    .option('--tls-ca <file>', 'the authority that clients have to trust; named in the files of the cloud')
    .option('--tls-port <number>', 'port of the HTTPS listener; 0 takes a free one', '0')
    .option('--quiet', 'print nothing')
    .action(async (flags: ServeFlags) => {
      const { serve } = await import('./serve.ts')
      await serve(flags, surroundings.terminal)
    })

  withCloudFlags(program.command('exec'))
    .description(
      "start a cloud, run a command with OS_* and OPENSTACK_FIXTURES set, stop; exits with the command's exit code",
    )
    .argument('<command...>')
    .passThroughOptions()
    .action(async (command: string[], flags: CloudFlags) => {
      const { exec } = await import('./exec.ts')
      surroundings.exit(await exec(command, flags, surroundings.exec))
    })

  program
    .command('seed-schema')
    .description('print the JSON Schema of seed files')
    .action(async () => {
      const { seedJsonSchema } = await import('../seed/json-schema.ts')
      surroundings.terminal.write(`${JSON.stringify(seedJsonSchema(), null, 2)}\n`)
    })

  return program
}

const withCloudFlags = (command: CommandType): CommandType =>
  command
    .option('--release <name>', 'OpenStack release whose answers to give: zed, 2025.1 or 2026.2 (default: 2025.1)')
    .option('--seed <name|file>', 'what exists at the start: bosh, devstack, empty, or a YAML or JSON file', 'bosh')
    .option('--clock <mode>', 'real or virtual', 'real')
    .option('--auto-advance <time>', 'virtual time that passes with each request, such as 1s')
    .option('--latency <time>', 'time that each request takes, such as 50ms')
    .option('--duration <transition=time>', 'time of a transition, such as servers.build=5s; may be repeated', collect)
    .option('--page-size <number>', 'most items on a page of any list')
    .option('--id-seed <number>', 'number that ids are made of: clouds with different numbers make different ids')
    .option('--token-lifetime <time>', 'life of a token, such as 1h')
    .option('--keep-uploads', 'keep the bytes of uploads, so that images can be downloaded again')
    .option('--device-names <rule>', 'as-requested, or next-free as libvirt chooses')
    .option('--config-drive-type <type>', 'how guests see config drives: cdrom (default) or disk')
    .option('--keystone-v2', 'serve the login of Keystone v2.0 too')

const collect = (value: string, before: string[] = []): string[] => [...before, value]
