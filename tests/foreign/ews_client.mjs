// One clerk's morning through ews-javascript-api: open the mailbox, synchronise, bind, find, save, send, move, who is there.
// Usage: node ews_client.mjs FOLDER_WITH_NODE_MODULES; what to do is read as JSON from the standard input,
// and what was seen is written as JSON to the standard output.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ews = createRequire(join(process.argv[2], "package.json"))("ews-javascript-api");
const task = JSON.parse(readFileSync(0, "utf8"));

const service = new ews.ExchangeService(ews.ExchangeVersion.Exchange2016);
service.Credentials = new ews.WebCredentials(task.user, task.password);
service.Url = new ews.Uri(task.url);

const mailbox = new ews.Mailbox(task.mailbox);
const folder = (name) => new ews.FolderId(ews.WellKnownFolderName[name], mailbox);
const key = new ews.ExtendedPropertyDefinition(new ews.Guid(task.guid), "ForeignKey", ews.MapiPropertyType.String);
const ids = new ews.PropertySet(ews.BasePropertySet.IdOnly);
const shown = new ews.PropertySet(ews.BasePropertySet.FirstClassProperties, [key]);

async function synchronised(state) {
  const changes = [];
  let more = true;
  while (more) {
    const page = await service.SyncFolderItems(folder("Inbox"), ids, [], 2, ews.SyncFolderItemsScope.NormalItems, state);
    for (const change of page.GetEnumerator()) {
      changes.push([ews.ChangeType[change.ChangeType], change.ItemId.UniqueId]);
    }
    state = page.SyncState;
    more = page.MoreChangesAvailable;
  }
  return { changes, state };
}

async function withKey(name, value) {
  const view = new ews.ItemView(10);
  view.PropertySet = new ews.PropertySet(ews.BasePropertySet.IdOnly, [ews.ItemSchema.Subject, key]);
  const found = await service.FindItems(folder(name), new ews.SearchFilter.IsEqualTo(key, value), view);
  return found.Items;
}

const seen = {};
const inbox = await ews.Folder.Bind(service, folder("Inbox"));
seen.inbox = [inbox.DisplayName, inbox.TotalCount, inbox.UnreadCount];

const first = await synchronised(null);
seen.first = first.changes.map(([kind]) => kind);

const whole = new ews.PropertySet(ews.BasePropertySet.FirstClassProperties, [ews.ItemSchema.MimeContent]);
const bound = await ews.EmailMessage.Bind(service, new ews.ItemId(first.changes[0][1]), whole);
seen.bound = [bound.Subject, bound.From.Address, bound.InternetMessageId, bound.ItemClass];
seen.mime = bound.MimeContent.Content;

const draft = new ews.EmailMessage(service);
draft.Subject = "Damp at Mill Lane";
draft.Body = new ews.MessageBody(ews.BodyType.Text, "Please look at the damp.");
draft.ToRecipients.Add(task.recipient);
draft.From = new ews.EmailAddress(task.mailbox);
draft.SetExtendedProperty(key, "k1");
await draft.Save(folder("Drafts"));
seen.drafts = (await withKey("Drafts", "k1")).length;

const again = await ews.EmailMessage.Bind(service, draft.Id, shown);
await again.SendAndSaveCopy(folder("SentItems"));
seen.draftsAfter = (await withKey("Drafts", "k1")).length;
const sent = await withKey("SentItems", "k1");
seen.sent = sent.map((item) => item.Subject);

const moved = await bound.Move(folder("JunkEmail"));
seen.moved = moved.Id.UniqueId !== first.changes[0][1];
const second = await synchronised(first.state);
seen.second = second.changes.map(([kind]) => kind).sort();

try {
  await ews.EmailMessage.Bind(service, new ews.ItemId(first.changes[0][1]), ids);
  seen.gone = "found";
} catch (error) {
  seen.gone = ews.ServiceError[error.ErrorCode] ?? String(error);
}

const start = ews.DateTime.Parse("2026-11-16T09:00:00Z");
const window = new ews.TimeWindow(start, start.AddDays(1));
const attendees = [new ews.AttendeeInfo(task.recipient)];
const there = await service.GetUserAvailability(attendees, window, ews.AvailabilityData.FreeBusy);
seen.busy = there.AttendeesAvailability.Responses[0].CalendarEvents.length;

process.stdout.write(JSON.stringify(seen));
