// What a user of @googleapis/gmail does with a mailbox. Needs token.json here.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {Readable} from 'node:stream';
import {auth, gmail as gmailAt} from '@googleapis/gmail';

const [me] = process.argv.slice(2);
const done = (step, what) => console.log(`- ${step}: ${what}`);

const client = auth.fromJSON(JSON.parse(readFileSync('token.json', 'utf8')));
const gmail = gmailAt({version: 'v1', auth: client});
const users = gmail.users;
const userId = 'me';

const {data: profile} = await users.getProfile({userId});
assert.equal(profile.emailAddress, me);
done('sign in', `as ${me}, with an access token fetched from oauth2.googleapis.com`);

const {data: first} = await users.messages.list({userId, maxResults: 3});
assert.equal(first.messages.length, 3);
const {data: second} = await users.messages.list({userId, maxResults: 3, pageToken: first.nextPageToken});
assert.equal(second.messages.length, 1);
assert.equal(second.nextPageToken, undefined);
const {data: threads} = await users.threads.list({userId, labelIds: ['INBOX', 'UNREAD']});
assert.equal(threads.threads.length, 3);
done('list', 'two pages of messages, and the threads of the inbox');

const search = async q => (await users.messages.list({userId, q})).data.messages ?? [];
const [letter] = await search('subject:Anfrage newer_than:2d');
const [figures] = await search('filename:eggs.csv');
assert.equal((await search('in:inbox {from:mia from:jonas} -has:attachment')).length, 3);
assert.deepEqual(await search('nobody wrote this'), []);
done('search', 'by subject and age, by file name, with braces and a minus');

const decoded = data => Buffer.from(data, 'base64url');
const {data: full} = await users.messages.get({userId, id: letter.id});
assert.match(decoded(full.payload.body.data).toString(), /Grüße aus Köln/);
const {data: partial} = await users.messages.get({
  userId, id: letter.id, format: 'metadata', metadataHeaders: ['Subject'], fields: 'id,payload/headers',
});
assert.deepEqual(partial, {id: letter.id, payload: {headers: [{name: 'Subject', value: 'Ihre Anfrage für März'}]}});
done('read', 'umlauts; and some fields only');

const {data: table} = await users.messages.get({userId, id: figures.id});
const part = table.payload.parts.find(one => one.filename === 'eggs.csv');
const {data: file} = await users.messages.attachments.get({userId, messageId: figures.id, id: part.body.attachmentId});
assert.equal(decoded(file.data).toString(), 'month,eggs\r\nMarch,12\r\n'.repeat(500));
done('attachments', 'eggs.csv, as it was sent');

const {data: label} = await users.labels.create({userId, requestBody: {name: 'Deals/Warm'}});
await assert.rejects(users.labels.create({userId, requestBody: {name: 'Deals/Warm'}}), {status: 409});
await users.messages.modify({userId, id: letter.id, requestBody: {addLabelIds: [label.id], removeLabelIds: ['UNREAD']}});
const {data: counted} = await users.labels.get({userId, id: label.id});
assert.equal(counted.messagesTotal, 1);
await users.messages.batchModify({userId, requestBody: {ids: [letter.id, figures.id], addLabelIds: ['STARRED']}});
assert.equal((await search('is:starred')).length, 2);
done('labels', 'created (once), set, counted, set on many');

const mail = subject => `From: ${me}\r\nTo: jonas@acme.test\r\nSubject: ${subject}\r\n\r\nHello from Node.\r\n`;
const {data: sent} = await users.messages.send({userId, requestBody: {raw: Buffer.from(mail('By raw')).toString('base64url')}});
assert.deepEqual(sent.labelIds, ['SENT']);
const {data: uploaded} = await users.messages.send({
  userId, requestBody: {threadId: sent.threadId}, media: {mimeType: 'message/rfc822', body: mail('By upload')},
});
assert.deepEqual(uploaded.labelIds, ['SENT']);
const large = Readable.from([mail('By stream'), ...Array(64).fill('x'.repeat(32766) + '\r\n')]);
const {data: draft} = await users.drafts.create({
  userId, requestBody: {message: {}}, media: {mimeType: 'message/rfc822', body: large},
});
const {data: gone} = await users.drafts.send({userId, requestBody: {id: draft.id}});
assert.notEqual(gone.id, draft.message.id);
await assert.rejects(users.drafts.get({userId, id: draft.id}), {status: 404});
done('send', 'by raw, by upload, by a streamed upload of 2 MB into a draft that was sent then');

const boundary = 'batch_of_node';
const calls = [letter, figures, {id: '18c2f3a9b0d1e2f3'}].map((one, number) => [
  `--${boundary}`, 'Content-Type: application/http', `Content-ID: <item${number}>`, '',
  `GET /gmail/v1/users/me/messages/${one.id}?format=minimal`, '', '',
].join('\r\n'));
const {data: answers} = await client.request({
  url: 'https://gmail.googleapis.com/batch/gmail/v1', method: 'POST', responseType: 'text',
  headers: {'Content-Type': `multipart/mixed; boundary=${boundary}`}, data: calls.join('') + `--${boundary}--`,
});
assert.equal(answers.match(/HTTP\/1\.1 200 OK/g).length, 2);
assert.match(answers, /Content-ID: <response-item2>[^]*HTTP\/1\.1 404/);
done('batch', 'three calls in one request, one of them refused');

const {data: since} = await users.history.list({userId, startHistoryId: profile.historyId});
const changed = since.history.flatMap(record => (record.labelsAdded ?? []).map(one => one.message.id));
assert.ok(changed.includes(letter.id) && changed.includes(figures.id));
assert.ok(since.history.some(record => record.messagesAdded?.some(one => one.message.id === sent.id)));
const {data: nothing} = await users.history.list({userId, startHistoryId: since.historyId});
assert.equal(nothing.history, undefined);
const {data: watch} = await users.watch({userId, requestBody: {topicName: 'projects/p/topics/mail', labelIds: ['INBOX']}});
assert.ok(Number(watch.expiration) > Date.now());
await users.stop({userId});
done('partial sync', `${since.history.length} history records since the beginning, and none after`);
