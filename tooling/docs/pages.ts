import { commandsPage } from './commands-page.ts'
import { architecturePage } from './import-graph.ts'
import { cloudPropertiesPage, configurationPage } from './property-pages.ts'

/** Every generated page, by its path from the root. */
export const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/architecture.md': architecturePage,
  'docs/configuration.md': configurationPage,
  'docs/cloud-properties.md': cloudPropertiesPage,
  'docs/commands.md': commandsPage,
}
