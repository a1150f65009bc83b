/** OpenStack releases that the fake can be, oldest first. */
export const releases = ['zed', '2025.1', '2026.2'] as const

/** A release by its name or number: Zed is of October 2022, 2025.1 of April 2025, 2026.2 of October 2026. */
export type Release = (typeof releases)[number]

/** The newest release that a stable distribution packages: what most clouds are, or become next. */
export const defaultRelease: Release = '2025.1'

/**
 * What differs between the releases, as data: one value for each. A service keeps its differences in one table
 * (`release-rules.ts`) and looks them up by `context.settings.release`.
 */
export type ByRelease<T> = Readonly<Record<Release, T>>
