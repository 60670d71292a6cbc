export { auditRoles, issueInvitation } from './invitations.service.ts';
export { assertNotOwnSide, assertOnNoSide } from './own-side.service.ts';
export { STAFF_INVITED } from './staff.events.ts';
export { forgetStaffMember } from './staff.service.ts';
export { assertWorksAt, findRoleAt, listStaffIds, listWorkplaces, type Workplace } from './workplaces.service.ts';
