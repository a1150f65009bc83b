// @ts-check
/** Rows of the journal, and the requests among them that the fake does not model. */
import { badge, breakable, fold, json, make } from './parts.js'

/** Every action of a resource has one route: which one it was, the body tells. @param {any} entry @returns {string} */
const operationOf = ({ service, operation, request }) => {
  const action = operation.endsWith('.action') && request ? ` ${Object.keys(request)[0] ?? ''}` : ''
  return `${service} ${operation}${action}`
}

/** @param {any} entry @param {string | undefined} project name of the project of its token */
export const journalRow = (entry, project) => {
  const query = new URLSearchParams(entry.query).toString()
  const status = entry.status === 0 ? 'cut' : String(entry.status)
  const request = `${entry.method} ${entry.path}${query ? `?${query}` : ''}`
  const { requestId, microversion, unread, faults } = entry
  const bodies = { requestId, microversion, unread, faults, request: entry.request, response: entry.response }
  const about = `${operationOf(entry)}${project ? ` · ${project}` : ''}`
  const row = make(
    'tr',
    {},
    make('td', { class: 'number' }, String(entry.n)),
    make('td', { class: 'time' }, entry.time.slice(11, 23)),
    make(
      'td',
      { class: 'request' },
      fold(`request ${entry.n}`, breakable(request), () => [json(bodies)]),
      make('span', { class: 'what' }, about),
    ),
    make('td', { class: 'status' }, badge(status), ...(faults.length > 0 ? [' ', badge('fault', 'busy')] : [])),
    make('td', { class: 'duration' }, entry.durationMs.toFixed(1)),
  )
  row.dataset['text'] = `${about} ${request} ${status} ${requestId}`.toLowerCase()
  return row
}

/** The kind of request that a 501 was about. @param {any} entry */
export const gapOf = ({ method, path, operation, request }) => {
  const shape = path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}/g, ':id')
  const action = operation.endsWith('.action') && request ? ` ${Object.keys(request)[0] ?? ''}` : ''
  return `${method} ${shape}${action}`
}

/** @param {Map<string, number>} gaps requests answered with 501, by kind @returns {Node[]} */
export const gapItems = (gaps) =>
  [...gaps].map(([gap, count]) => make('li', {}, make('code', {}, ...breakable(gap)), ' ', badge(`${count} ×`, '')))
