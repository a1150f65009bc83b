import * as z from 'zod'
import { ApiError, badRequest, conflict, forbidden, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { pythonStr } from '../../kernel/python-repr.ts'
import { noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { ownImage, plainlyMissing, visibleImage } from './access.ts'
import { memberDocument } from './document.ts'
import { type ImageMemberRecord, type ImageRecord, imageMembers } from './records.ts'
import { rulesOf } from './release-rules.ts'

/** `image_member_quota` of glance-api.conf. */
const mostMembers = 128

const requireShared = (image: ImageRecord): void => {
  if (image.visibility !== 'shared') throw forbidden('Only shared images have members.')
}

const memberOf = (call: Call, image: ImageRecord): ImageMemberRecord => {
  const id = call.param('member_id')
  const member = call.store.of(imageMembers).get(`${image.id}/${id}`)
  const isOwner = image.owner === call.projectId || call.isAdmin
  if (!member || (!isOwner && member.member_id !== call.projectId)) {
    throw notFound(`${id} not found in the member list of the image ${image.id}.`)
  }
  return member
}

const list = (call: Call) => {
  const image = visibleImage(call, plainlyMissing)
  requireShared(image)
  const all = call.store.of(imageMembers).where({ image: image.id })
  const isOwner = image.owner === call.projectId || call.isAdmin
  const members = isOwner ? all : all.filter((member) => member.member_id === call.projectId)
  return ok({ members: members.map(memberDocument), schema: '/v2/schemas/members' })
}

/** Glance takes any body but none. */
const requireBody = (call: Call): void => {
  if (call.rawJson === undefined) throw badRequest('Body expected in request.')
}

const create = (call: Call) => {
  requireBody(call)
  const { member: asked } = call.json(z.object({ member: z.unknown().optional() }))
  if (!asked || (typeof asked === 'object' && !Array.isArray(asked)))
    throw badRequest('Member to be added not specified')
  // The database keeps a boolean as a number.
  const memberId = pythonStr(typeof asked === 'boolean' ? Number(asked) : asked)
  if (/[\u{10000}-\u{10FFFF}]/u.test(memberId)) throw badRequest("Member can't contain 4 byte unicode characters.")
  const image = ownImage(call, 'add_member', plainlyMissing)
  requireShared(image)
  const all = call.store.of(imageMembers)
  if (all.has(`${image.id}/${memberId}`)) throw conflict(`Member ${memberId} is duplicated for image ${image.id}`)
  if (all.count('image', image.id) >= mostMembers) {
    throw new ApiError(
      413,
      `The limit has been exceeded on the number of allowed image members for this image. Attempted: ${mostMembers + 1}, Maximum: ${mostMembers}`,
    )
  }
  const member = all.insert({
    id: `${image.id}/${memberId}`,
    image_id: image.id,
    member_id: memberId,
    status: 'pending',
    created_at: call.now,
    updated_at: call.now,
  })
  // The answer has the value as it came; from then on it is text.
  return ok({ ...memberDocument(member), member_id: asked })
}

const show = (call: Call) => ok(memberDocument(memberOf(call, visibleImage(call, plainlyMissing))))

/** Only the project that an image is shared with says whether it wants it. */
const update = (call: Call) => {
  requireBody(call)
  const { status } = call.json(z.object({ status: z.unknown() }))
  if (status === undefined) throw badRequest('Status not specified')
  const image = visibleImage(call, plainlyMissing)
  requireShared(image)
  const isOwner = image.owner === call.projectId && !call.isAdmin
  if (isOwner && rulesOf(call).refusesOwnerFirst) throw rulesOf(call).notTheMember(image.id)
  const member = memberOf(call, image)
  if (member.member_id !== call.projectId && !call.isAdmin) {
    throw rulesOf(call).notTheMember(image.id)
  }
  if (status !== 'pending' && status !== 'accepted' && status !== 'rejected') {
    throw badRequest('Incorrect request: Status must be "pending", "accepted" or "rejected".')
  }
  return ok(memberDocument(call.store.of(imageMembers).update(member.id, { status, updated_at: call.now })))
}

const remove = (call: Call) => {
  const image = ownImage(call, 'delete_member', plainlyMissing)
  requireShared(image)
  call.store.of(imageMembers).delete(memberOf(call, image).id)
  return noContent()
}

/** https://docs.openstack.org/api-ref/image/v2/#sharing */
export const memberRoutes: readonly Route[] = [
  { method: 'GET', path: '/images/:image_id/members', operation: 'image-members.list', handle: list },
  { method: 'POST', path: '/images/:image_id/members', operation: 'image-members.create', handle: create },
  { method: 'GET', path: '/images/:image_id/members/:member_id', operation: 'image-members.show', handle: show },
  { method: 'PUT', path: '/images/:image_id/members/:member_id', operation: 'image-members.update', handle: update },
  {
    method: 'DELETE',
    path: '/images/:image_id/members/:member_id',
    operation: 'image-members.delete',
    handle: remove,
  },
]
