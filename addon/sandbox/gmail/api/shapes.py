"""The names that answers and bodies are made of, so that whoever names something unknown can be refused.

Compact on purpose: an object is a row of names, `name:Object` where the value is an object or a list of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Shape: TypeAlias = Mapping[str, str]
"""A field's name, and the object in it (empty for a plain value)."""

_OBJECTS = {
    "Profile": "emailAddress messagesTotal threadsTotal historyId",
    "Watch": "historyId expiration",
    "Header": "name value",
    "Body": "attachmentId size data",
    "Part": "partId mimeType filename headers:Header body:Body parts:Part",
    "ClassificationField": "fieldId selection",
    "Classification": "labelId fields:ClassificationField",
    "Message": "id threadId labelIds snippet historyId internalDate payload:Part sizeEstimate raw"
    " classificationLabelValues:Classification",
    "Messages": "messages:Message nextPageToken resultSizeEstimate",
    "Thread": "id snippet historyId messages:Message",
    "Threads": "threads:Thread nextPageToken resultSizeEstimate",
    "Draft": "id message:Message",
    "Drafts": "drafts:Draft nextPageToken resultSizeEstimate",
    "Change": "message:Message",
    "LabelChange": "message:Message labelIds",
    "Record": "id messages:Message messagesAdded:Change messagesDeleted:Change labelsAdded:LabelChange"
    " labelsRemoved:LabelChange",
    "Records": "history:Record nextPageToken historyId",
    "Modify": "addLabelIds removeLabelIds addClassificationLabels:Classification removeClassificationLabelIds",
    "ModifyThread": "addLabelIds removeLabelIds",
    "BatchModify": "ids addLabelIds removeLabelIds addClassificationLabels:Classification removeClassificationLabelIds",
    "BatchDelete": "ids",
    "WatchRequest": "topicName labelIds labelFilterAction labelFilterBehavior",
    "Color": "textColor backgroundColor",
    "Label": "id name messageListVisibility labelListVisibility type messagesTotal messagesUnread threadsTotal"
    " threadsUnread color:Color",
    "Labels": "labels:Label",
    "Relay": "host port username password securityMode",
    "SendAs": "sendAsEmail displayName replyToAddress signature isPrimary isDefault treatAsAlias smtpMsa:Relay"
    " verificationStatus",
    "SendAsList": "sendAs:SendAs",
    "Vacation": "enableAutoReply responseSubject responseBodyPlainText responseBodyHtml restrictToContacts"
    " restrictToDomain startTime endTime",
    "Criteria": "from to subject query negatedQuery hasAttachment excludeChats size sizeComparison",
    "Action": "addLabelIds removeLabelIds forward",
    "Filter": "id criteria:Criteria action:Action",
    "Filters": "filter:Filter",
    "AutoForwarding": "enabled emailAddress disposition",
    "ForwardingAddress": "forwardingEmail verificationStatus",
    "ForwardingAddresses": "forwardingAddresses:ForwardingAddress",
    "Imap": "enabled autoExpunge expungeBehavior maxFolderSize",
    "Pop": "accessWindow disposition",
    "Language": "displayLanguage",
    "Delegate": "delegateEmail verificationStatus",
    "Delegates": "delegates:Delegate",
    "KeyPair": "keyPairId pkcs7 pem subjectEmailAddresses enablementState disableTime privateKeyMetadata:PrivateKey",
    "PrivateKey": "privateKeyMetadataId kaclsKeyMetadata:KeyService hardwareKeyMetadata:Hardware",
    "KeyService": "kaclsUri kaclsData",
    "Hardware": "description",
    "KeyPairs": "cseKeyPairs:KeyPair nextPageToken",
    "SignAndEncrypt": "signingKeyPairId encryptionKeyPairId",
    "Identity": "emailAddress primaryKeyPairId signAndEncryptKeyPairs:SignAndEncrypt",
    "Identities": "cseIdentities:Identity nextPageToken",
    "Certificate": "id issuerCn isDefault expiration encryptedKeyPassword pem pkcs12",
    "Certificates": "smimeInfo:Certificate",
}

_ANSWERS = {
    "Profile": "getProfile",
    "Watch": "watch",
    "Records": "history.list",
    "Messages": "messages.list",
    "Message": "messages.get messages.send messages.insert messages.import messages.modify messages.trash"
    " messages.untrash drafts.send",
    "Body": "messages.attachments.get",
    "Threads": "threads.list",
    "Thread": "threads.get threads.modify threads.trash threads.untrash",
    "Drafts": "drafts.list",
    "Draft": "drafts.get drafts.create drafts.update",
    "Labels": "labels.list",
    "Label": "labels.get labels.create labels.update labels.patch",
    "SendAsList": "settings.sendAs.list",
    "SendAs": "settings.sendAs.get settings.sendAs.create settings.sendAs.update settings.sendAs.patch",
    "Vacation": "settings.getVacation settings.updateVacation",
    "Filters": "settings.filters.list",
    "Filter": "settings.filters.get settings.filters.create",
    "AutoForwarding": "settings.getAutoForwarding settings.updateAutoForwarding",
    "ForwardingAddresses": "settings.forwardingAddresses.list",
    "ForwardingAddress": "settings.forwardingAddresses.get settings.forwardingAddresses.create",
    "Imap": "settings.getImap settings.updateImap",
    "Pop": "settings.getPop settings.updatePop",
    "Language": "settings.getLanguage settings.updateLanguage",
    "Delegates": "settings.delegates.list",
    "Delegate": "settings.delegates.get settings.delegates.create",
    "Identities": "settings.cse.identities.list",
    "Identity": "settings.cse.identities.get",
    "KeyPairs": "settings.cse.keypairs.list",
    "KeyPair": "settings.cse.keypairs.get",
    "Certificates": "settings.sendAs.smimeInfo.list",
    "Certificate": "settings.sendAs.smimeInfo.get",
}

SHAPES: Mapping[str, Shape] = {
    name: {field: inner for field, _, inner in (entry.partition(":") for entry in row.split())}
    for name, row in _OBJECTS.items()
}
"""Every object by its name."""

ANSWERS: Mapping[str, str] = {method: name for name, methods in _ANSWERS.items() for method in methods.split()}
"""The object that a method answers with; methods that answer nothing are absent."""
