import type { CloudContext } from '../../kernel/cloud-context.ts'
import { serverGroups, servers } from './records.ts'

/** Nova's default limits of a project. */
export const quotaDefaults: Readonly<Record<string, number>> = {
  cores: 20,
  fixed_ips: -1,
  floating_ips: -1,
  injected_file_content_bytes: 10240,
  injected_file_path_bytes: 255,
  injected_files: 5,
  instances: 10,
  key_pairs: 100,
  metadata_items: 128,
  ram: 51200,
  security_group_rules: -1,
  security_groups: -1,
  server_group_members: 10,
  server_groups: 10,
}

/** What a project uses of what Nova counts per project. */
export const usageOf = (context: CloudContext, projectId: string): Readonly<Record<string, number>> => {
  const all = context.store.of(servers)
  return {
    instances: all.count('quota', projectId),
    cores: all.sum('cores', projectId),
    ram: all.sum('ram', projectId),
    server_groups: context.store.of(serverGroups).count('project', projectId),
  }
}

/** Quota names without those that newer microversions dropped. */
export const quotaNames = (atLeast: (version: string) => boolean): string[] =>
  Object.keys(quotaDefaults).filter((name) => {
    if (['fixed_ips', 'floating_ips', 'security_group_rules', 'security_groups'].includes(name)) return !atLeast('2.36')
    return !(name.startsWith('injected_') && atLeast('2.57'))
  })
