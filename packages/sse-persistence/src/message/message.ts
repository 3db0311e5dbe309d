/** What can be sent: a type, which becomes the event's, and a payload that JSON can say. */
export interface MessageContract {
  /** One line of text. */
  readonly type: string;
  readonly payload: unknown;
  /** Names the message itself, as in {@link UniqueMessage}. */
  readonly id?: string | undefined;
  /** Who has sent it, as in {@link SignedMessage}. */
  readonly senderId?: string | undefined;
}

/** A type and a payload. */
export class Message implements MessageContract {
  readonly kind = 'message' as const;
  readonly type: string;
  readonly payload: unknown;

  constructor(type: string, payload: unknown = null) {
    this.type = type;
    this.payload = payload;
  }
}

/** A message that says who has sent it. */
export class SignedMessage implements MessageContract {
  readonly kind = 'signed' as const;
  readonly senderId: string;
  readonly type: string;
  readonly payload: unknown;

  constructor(senderId: string, type: string, payload: unknown = null) {
    this.senderId = senderId;
    this.type = type;
    this.payload = payload;
  }
}

/** A message with an id of its own, made around another one. */
export class UniqueMessage implements MessageContract {
  readonly kind = 'unique' as const;
  readonly id: string;
  readonly type: string;
  readonly payload: unknown;
  readonly senderId: string | undefined;

  constructor(messageId: string, message: MessageContract, senderId: string | undefined = message.senderId) {
    this.id = messageId;
    this.type = message.type;
    this.payload = message.payload;
    this.senderId = senderId;
  }
}

/** What arrives; told apart by `kind`. */
export type AnyMessage = Message | SignedMessage | UniqueMessage;
