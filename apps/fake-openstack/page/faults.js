// @ts-check
/** What a fault rule does, in words, and how the rules are drawn. */
import { badge, fold, json, make } from './parts.js'

/** @param {any} action `do` of a rule @returns {string} */
const effectOf = (action) => {
  if (action.respond) return `answers ${action.respond.status}`
  if (action.reset) return 'cuts the connection'
  if (action.refuse) return 'refuses the connection'
  if (action.hang) return 'never answers'
  if (action.delay !== undefined) return `takes ${timeOf(action.delay)} longer`
  if (action.truncate !== undefined) return `cuts the answer after ${action.truncate} bytes`
  if (action.trickle) return `answers ${action.trickle.bytes} bytes every ${timeOf(action.trickle.every)}`
  if (action.expireToken) return 'ends the token'
  if (action.state) return `ends in ${action.state.to}${action.state.message ? `: ${action.state.message}` : ''}`
  if (action.hold) return 'is held until it is released'
  return JSON.stringify(action)
}

/** @param {number | string} duration */
const timeOf = (duration) => (typeof duration === 'number' ? `${duration} ms` : duration)

/** @param {any} match @returns {string} */
const subjectOf = (match) => {
  if (match.transition) return `${match.transition}${match.resource ? ` of ${match.resource}` : ''}`
  return [match.service, match.operation, match.method, match.path].filter(Boolean).join(' ')
}

/** @param {any} rule @returns {string} */
const extentOf = ({ match, when, skip, times }) => {
  const counted = match.transition ? 'time' : 'request'
  const which = times === null ? `each ${counted}` : times === 1 ? `one ${counted}` : `${times} ${counted}s`
  const after = when === 'after' ? ', after it took effect' : ''
  return `${which}${skip > 0 ? ` after ${skip} more` : ''}${after}`
}

/** @param {any[]} rules @param {(id: string) => void} remove @returns {Node[]} */
export const faultItems = (rules, remove) =>
  rules.map(({ id, rule, matched, hits }) => {
    const button = make('button', { type: 'button', 'aria-label': `Remove ${id}` }, 'Remove')
    button.addEventListener('click', () => remove(id))
    const count = hits === 0 ? badge('no hit yet', 'busy') : badge(`${hits} of ${matched}`, '')
    return make(
      'li',
      {},
      make('p', {}, make('code', {}, subjectOf(rule.match)), ' ', effectOf(rule.do)),
      make('p', { class: 'what' }, `${id}: ${extentOf(rule)} `, count, ' ', button),
      fold(`fault ${id}`, ['rule'], () => [json(rule)]),
    )
  })
