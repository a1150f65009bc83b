import type { Figures } from './budgets.ts'

const barHeight = 9
const rowHeight = 30
const labelWidth = 200
const plotWidth = 520
const colours = ['#8fa8c8', '#1f5fa8', '#d08040', '#6a9a5b', '#9b6fb0']

/** Seconds per method as bars, one colour per contender; of the reference cloud where it was measured. */
export function chart({ clouds }: Figures): string {
  const name = clouds['reference'] === undefined ? 'fake' : 'reference'
  const contenders = clouds[name] ?? []
  const methods = contenders[0]?.methods.map(({ method }) => method) ?? []
  const longest = Math.max(1, ...contenders.flatMap((one) => one.methods.map(({ wallMs }) => wallMs.median)))
  const bars = methods.flatMap((method, row) => {
    const y = 50 + row * rowHeight
    return [
      `<text x="${labelWidth - 8}" y="${y + 12}" text-anchor="end">${method}</text>`,
      ...contenders.flatMap(({ methods: figures }, index) => {
        const wallMs = figures.find((one) => one.method === method)?.wallMs.median
        if (wallMs === undefined) return []
        const width = Math.max(1, (wallMs / longest) * plotWidth)
        const top = y + index * (barHeight + 1)
        return [
          `<rect x="${labelWidth}" y="${top}" width="${width.toFixed(1)}" height="${barHeight}" fill="${colourOf(index)}"/>`,
          `<text x="${(labelWidth + width + 4).toFixed(1)}" y="${top + 8}" class="value">${(wallMs / 1000).toFixed(2)} s</text>`,
        ]
      }),
    ]
  })
  const legend = contenders.flatMap(({ name: contender }, index) => [
    `<rect x="${labelWidth + index * 120}" y="24" width="10" height="10" fill="${colourOf(index)}"/>`,
    `<text x="${labelWidth + 14 + index * 120}" y="33">${escaped(contender)}</text>`,
  ])
  const height = 60 + methods.length * Math.max(rowHeight, contenders.length * (barHeight + 1))
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${labelWidth + plotWidth + 70}" height="${height}" role="img" aria-label="Seconds per CPI method">
<style>text{font:12px sans-serif;fill:#333}.value{font-size:9px}</style>
<rect width="100%" height="100%" fill="#fff"/>
<text x="${labelWidth}" y="15">${name} cloud, seconds per method (median)</text>
${[...legend, ...bars].join('\n')}
</svg>
`
}

const colourOf = (index: number): string => colours[index % colours.length] ?? '#888'

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
