import { appLink } from './app-links.ts';
import { findRecipient, sendOnce } from './send-once.service.ts';

/** Leads to a page of the account, which asks for a log-in: a mail is no place for a link that opens personal data. */
export async function sendExportReady({ userId, exportId }: { userId: string; exportId: string }): Promise<void> {
  await sendOnce({
    kind: 'export-ready',
    subjectId: exportId,
    prepare: async () => {
      const recipient = await findRecipient(userId);
      if (recipient === null) return null;
      const { to, greeting } = recipient;
      return { to, subject: 'Your data is ready', data: { greeting, link: appLink(`/account/exports/${exportId}`) } };
    },
  });
}
