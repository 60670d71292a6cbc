/** Outbox payload: `{ invitationId }`: somebody is to be mailed an invitation. */
export const STAFF_INVITED = 'staff.invited';
