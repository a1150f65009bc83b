import { type Check, ok, warning } from '../check.ts'

export const imageChecks: readonly Check[] = [
  {
    group: 'image',
    title: 'images',
    run: async ({ ctx }) => {
      let seen = 0
      for await (const _ of ctx.services.image.images.list({ visibility: 'private' })) {
        if (++seen === 1) break // that they can be listed is all we want to know
      }
      if (ctx.config.stemcellPublicVisibility) {
        const { roles } = await ctx.services.identity.whoAmI()
        if (!roles.includes('admin')) {
          const why = 'Public images usually need administrator rights; uploads would fail with 403.'
          return [
            warning(
              'stemcell_public_visibility is set, the user is no admin',
              why,
              'Unset it, or allow publicize_image.',
            ),
          ]
        }
      }
      return [ok('images can be listed; uploading is tried by --deep')]
    },
  },
]
