"""Reading campaign files as YAML, with messages on what is wrong if a file is not."""

from pathlib import Path
from typing import Any

import yaml

from glasscore.campaign.yaml_faults import fault
from glasscore.common.errors import CampaignError, shown
from glasscore.common.sentences import key_in_words

LONGEST_NUMBER = 4096  # bits


def read(path: str | Path) -> dict[str, Any]:
    """Read a campaign file without checking its values; ``configuration.validated`` does that.

    Raises
    ------
    CampaignError
        If the file cannot be read, is not YAML, is empty, gives a key twice or is no mapping.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
        config = yaml.load(text, Loader=_StrictLoader)
    except OSError as error:
        raise CampaignError(f"{path}: the file cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise CampaignError(
            f"{path}: the file is not text in UTF-8: save it in that encoding."
        ) from None
    except yaml.MarkedYAMLError as error:
        number, problem = fault(text, error)
        line = f"line {number}: " if number else ""
        raise CampaignError(f"{path}: {line}this is not valid YAML ({problem}).") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise CampaignError(f"{path}: the file is not valid YAML.") from None
    if config is None:
        raise CampaignError(f"{path}: the file is empty, but must hold a campaign.")
    if not isinstance(config, dict):
        raise CampaignError(f"{path}: the file holds {shown(config)}, but must hold a mapping.")
    return config


class _StrictLoader(yaml.SafeLoader):
    """Refuses keys that are given twice, of which PyYAML would silently keep the last.

    It also refuses whole numbers that are too long for Python to write in decimals, as they can be
    given in base 16.
    """

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        seen: list[Any] = []
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag.endswith(":merge"):
                continue
            name = self.construct_object(key)
            if name in seen:
                problem = f"the key {key_in_words(name)} is given twice"
                raise yaml.composer.ComposerError(None, None, problem, key.start_mark)
            seen.append(name)
        return node

    def construct_yaml_int(self, node: yaml.ScalarNode) -> int:
        value = super().construct_yaml_int(node)
        if value.bit_length() > LONGEST_NUMBER:
            problem = f"a whole number of {value.bit_length()} bits is longer than any allowed"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
        return value


_StrictLoader.add_constructor("tag:yaml.org,2002:int", _StrictLoader.construct_yaml_int)
