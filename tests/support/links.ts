import { withTransaction } from '../../src/infra/mongo/index.ts';
import { OutboxModel } from '../../src/infra/queue/outbox.model.ts';
import { issueLink, requestLink } from '../../src/modules/auth/links/account-links.service.ts';
import type { UserRow } from '../../src/modules/users/user.model.ts';

interface MailedLink {
  linkId: string;
  token: string;
}

/** A link as its mail would carry it: asked for, and issued by the worker's function. Its promise is withdrawn: a worker would issue another. */
export async function mailLink(request: Parameters<typeof requestLink>[1]): Promise<MailedLink> {
  const linkId = await withTransaction(async (tx) => {
    const id = await requestLink(tx, request);
    await OutboxModel.deleteMany({ 'payload.linkId': id }, { session: tx });
    return id;
  });
  const issued = await issueLink(linkId);
  if (issued === null) throw new Error('no mail would go out');
  return { linkId, token: issued.token };
}

export function mailResetLink({ email }: UserRow): Promise<MailedLink> {
  return mailLink({ kind: 'reset', email });
}

export function mailChangeLink(user: UserRow, email: string): Promise<MailedLink> {
  return mailLink({
    kind: 'change_email',
    email,
    userId: user._id,
    previousEmail: user.email,
    sessionVersion: user.sessionVersion,
  });
}
