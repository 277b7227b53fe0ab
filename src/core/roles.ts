/** Who a user is in the work on complaints, named as the SOPs name them. */
export const ROLES = [
  'system_admin',
  'central_admin',
  'intake_officer',
  'agency_admin',
  'liaison_officer',
  'complaint_team',
  'unit_head',
  'unit_staff',
  'agency_head',
  'auditor',
  'privacy_officer',
  'channel_admin',
] as const;

export type Role = (typeof ROLES)[number];
