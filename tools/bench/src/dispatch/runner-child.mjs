import { answerAsSubscriber } from '../pubsub/subscriber.mjs';
import { contenderOf } from './contenders.mjs';

answerAsSubscriber(contenderOf);
