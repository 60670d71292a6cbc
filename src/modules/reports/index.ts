export { REPORT_REQUESTED } from './admin-reports.service.ts';
export { findReceiptToMail } from './mailed-receipt.service.ts';
export { forgetStatements } from './personal-data.service.ts';
export { reportsQueue } from './reports.jobs.ts';
