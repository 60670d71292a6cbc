import { issueInvitation } from '../staff/index.ts';
import { lifeText } from './account-mail.service.ts';
import { appLink } from './app-links.ts';
import { sendOnce } from './send-once.service.ts';

const DUTIES = { manager: 'as a manager', kitchen: 'in the kitchen' } as const;

/** Names the restaurant, whose name was approved, and nothing else that somebody typed: the reader may be a stranger. */
export async function sendStaffInvitation({ invitationId }: { invitationId: string }): Promise<void> {
  await sendOnce({
    kind: 'staff-invitation',
    subjectId: invitationId,
    prepare: async () => {
      const issued = await issueInvitation(invitationId);
      if (issued === null) return null;
      const { to, token, restaurantName, role, lifeSeconds } = issued;
      const link = appLink('/join-restaurant', token);
      const data = { restaurantName, duty: DUTIES[role], link, life: lifeText(lifeSeconds) };
      return { to, subject: `Work at ${restaurantName}`, data };
    },
  });
}
