"""A Stillroom student on an encoder, for transformers: the encoder, its vectors pooled over a text's tokens (or the first
one's), a head. Load it with trust_remote_code=True."""

import torch
from torch import nn
from transformers import AutoConfig, AutoModel, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import SequenceClassifierOutput


class StillroomEncoderConfig(PretrainedConfig):
    model_type = "stillroom_encoder"

    def __init__(self, encoder=None, pooling="mean", head_hidden=0, **others):
        self.encoder, self.pooling, self.head_hidden = encoder or {"model_type": "bert"}, pooling, head_hidden
        super().__init__(**others)


class StillroomEncoderForSequenceClassification(PreTrainedModel):
    config_class = StillroomEncoderConfig

    def __init__(self, config):
        super().__init__(config)
        shape = dict(config.encoder)
        shape = AutoConfig.for_model(shape.pop("model_type"), **shape)
        pooler = {} if shape.model_type == "distilbert" else {"add_pooling_layer": False}
        self.encoder = AutoModel.from_config(shape, **pooler)
        width = shape.hidden_size
        if config.head_hidden > 0:
            self.hidden = nn.Linear(width, config.head_hidden)
        self.classifier = nn.Linear(config.head_hidden or width, config.num_labels)
        self.post_init()

    def _init_weights(self, module):
        pass  # the encoder does its own, and all weights are in the file

    def forward(self, input_ids, attention_mask=None, token_type_ids=None, labels=None, return_dict=None, **others):
        mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
        states = self.encoder(input_ids=input_ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(states.dtype)
        pooled = states[:, 0] if self.config.pooling == "cls" else (states * weights).sum(1) / weights.sum(1)
        if self.config.head_hidden > 0:
            pooled = torch.relu(self.hidden(pooled))
        logits = self.classifier(pooled)
        loss = None if labels is None else nn.functional.cross_entropy(logits, labels)
        return SequenceClassifierOutput(loss=loss, logits=logits)
