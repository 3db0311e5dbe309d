import { contenderOf } from './contenders.mjs';
import { answerAsSubscriber } from './subscriber.mjs';

answerAsSubscriber(contenderOf);
